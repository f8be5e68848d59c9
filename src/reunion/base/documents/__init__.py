"""Documents that leave the site: tables, PDF and Word files, posters, labels, meetings."""
