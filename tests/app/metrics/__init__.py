"""Tests of app/metrics/."""
