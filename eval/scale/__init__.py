"""The cost of growth: bigger stores, and more processes that share one."""
