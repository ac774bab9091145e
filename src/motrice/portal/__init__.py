"""Pages that gather several areas: the home page of each role and the front door of the public site."""
