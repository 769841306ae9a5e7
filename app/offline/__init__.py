"""The proof that nothing leaves the machine: server and pages watched while they are used."""
