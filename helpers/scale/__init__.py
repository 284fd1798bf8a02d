"""More ratings and more machines: what grows, where time goes, and processes that share work."""
