"""Tests of the numbers and dates that a question gives or asks for."""
