import RatchetCLI

#if canImport(Glibc)
    import Glibc
#endif

exit(await CommandLineProgram.run())
