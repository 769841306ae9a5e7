"""The product beside other pipelines: who runs, on which passages, in which turns."""
