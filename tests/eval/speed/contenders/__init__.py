"""Tests of eval/speed/contenders/."""
