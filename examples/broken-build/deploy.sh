#!/bin/sh
echo "Here the image $1 would be rolled out."
