// Says hello, or its version.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println("hello 1.0.0")
		return
	}
	fmt.Println("Hello")
}
