// Coming soon.
