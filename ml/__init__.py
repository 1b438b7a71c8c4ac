"""A variational autoencoder of cars: trained with PyTorch, served with onnxruntime."""
