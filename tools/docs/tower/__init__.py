"""What `tools.docs.tower_pictures` draws: a world filled by use cases, its camera, and the list of pictures."""
