"""Rights of the people whose data are kept: legal bases, clocks, requests, recipients, breaches."""
