"""Version 1 of the HTTP interface: described by a schema, errors as problem documents."""
