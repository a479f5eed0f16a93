"""Bases that others published, through their own libraries: imported only when a job names one."""
