"""Tests of app/web/middleware/."""
