"""Tests of eval/speed/growth/."""
