"""Opinions on paper and on the site: the sealed file, its twin in HTML, the tabled text, the booklet of amendments."""
