"""What each product looks like: values in, a neutral Sheet or Book out."""
