"""Tests of app/mcp/."""
