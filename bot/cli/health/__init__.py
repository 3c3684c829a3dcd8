"""The checks of `isobot doctor`: each looks at one thing and tells what it found and how to mend it."""
