"""Backlot's engine: trains and samples the small video family. `python -m backlot_engine RUN_DIR`."""
