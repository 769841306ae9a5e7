"""What growing costs: bigger stores, and more processes that share one."""
