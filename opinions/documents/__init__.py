"""Documents of opinions: the sealed file, its web version, the tabled text, the booklet of amendments."""
