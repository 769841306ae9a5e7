"""Costs of growing: bigger stores, and more processes that share one."""
