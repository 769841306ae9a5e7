"""Tests of app/doctor/."""
