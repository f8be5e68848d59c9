"""The pages about rights; each module is one part of the data-protection officer's desk."""
