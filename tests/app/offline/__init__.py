"""Tests of app/offline/."""
