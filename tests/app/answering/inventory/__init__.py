"""Tests of app/answering/inventory/."""
