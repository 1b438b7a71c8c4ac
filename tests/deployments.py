"""The environments of complete deployments."""

PRODUCTION = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "cars.example,www.cars.example",
    "DATABASE_URL": "postgres://user:password@database.example/cars",
}
LAMBDA = PRODUCTION | {"AWS_LAMBDA_FUNCTION_NAME": "cars", "S3_BUCKET": "pictures", "AWS_REGION": "eu-west-1"}
