"""The second environment: an older TensorFlow, whose runtime has the Flex delegate, and Keras 2 if asked for.

place: where it is, and whether it can be used. install: makes and removes it. child: runs a script there. start and
check run there themselves. pins/: what it holds; `make lock` pins it anew.
"""
