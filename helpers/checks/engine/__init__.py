"""What every check is made with: outcomes, hints, solutions, progress, and a time limit."""
