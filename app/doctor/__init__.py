"""A check of the installation, the index, the machine and the settings, with advice on what to do."""
