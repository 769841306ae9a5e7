"""Tests of eval/speed/."""
