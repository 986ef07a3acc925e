"""The pages of the control tower, one noun each."""
