// suyuan: the command line of suppliers, registrars, inspectors and consumers.
#include "client/command/command.h"

int main(int argc, char** argv) { return suyuan::run_program(argc, argv); }
