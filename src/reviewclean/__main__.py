"""python -m reviewclean"""

from reviewclean.cli import main

if __name__ == "__main__":
    main()
