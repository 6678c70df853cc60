"""Where a team keeps the state of its stacks and its images in a cloud: made once an account and region, before any stack."""
