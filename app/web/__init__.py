"""Pages, chat and HTTP interface."""
