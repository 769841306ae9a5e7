"""Tests of app/serving/."""
