"""Tests of app/web/articles/."""
