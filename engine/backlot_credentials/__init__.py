"""Content credentials (C2PA) of masters: files of any size, and files that can carry none."""
