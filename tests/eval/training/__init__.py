"""Tests of eval/training/."""
