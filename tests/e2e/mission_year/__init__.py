"""One year of the mission in a browser: each part of its desk, on the demonstration, by the people who are in it."""
