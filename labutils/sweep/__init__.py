"""Sweeps: one lab over a grid of parameter values, on this machine or on a Dask cluster, with nothing lost."""
