"""What spend stands out: pure rules over days of credits."""
