"""Tests of eval/scale/."""
