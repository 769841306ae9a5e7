"""Check that neither the server nor its pages contact other machines."""
