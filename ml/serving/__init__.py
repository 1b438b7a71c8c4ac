"""All that runs without torch: this folder and weights/ are what a deployment ships of ml."""
