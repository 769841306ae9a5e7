"""Tests of app/trials/."""
