"""Puts the parts together: the only place that builds clients and introduces everyone to each other."""
