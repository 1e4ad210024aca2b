/* Audit library (see rtld-audit(7)): makes programs see a processor whose widest vectors are AVX2's.
 *
 * Libraries choose their code by the CPUID instruction, which user space cannot be denied on most processors. So every
 * CPUID of a library is replaced as the library is mapped, before any of its code runs, by a breakpoint, whose handler
 * runs the real instruction and clears the bits. Where they are says a table (find_cpuid.py), one line
 * "hexadecimal file offset, blank, path" each, in the file named by AVX2_ONLY_TABLE.
 *
 * Nothing on disk changes. Instructions that a compiler was told to use without asking stay. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static const unsigned char cpuid_code[2] = {0x0f, 0xa2};
static const unsigned char breakpoint_code[2] = {0xcc, 0x90}; /* int3, nop */

static struct sigaction previous;

static void hide(uint32_t leaf, uint32_t subleaf, uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) {
  if (leaf == 7 && subleaf == 0) {
    /* EBX: AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL. */
    *b &= ~(1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31);
    /* ECX: VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ. */
    *c &= ~(1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);
    /* EDX: 4VNNIW, 4FMAPS, VP2INTERSECT, AMX BF16, AVX-512 FP16, AMX tiles, AMX INT8. */
    *d &= ~(1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25);
  } else if (leaf == 7 && subleaf == 1) {
    /* EAX: AVX-VNNI, AVX-512 BF16, AMX FP16, AVX-IFMA. EDX: AVX-VNNI-INT8, NE-CONVERT, AMX-COMPLEX, INT16, AVX10. */
    *a &= ~(1u << 4 | 1u << 5 | 1u << 21 | 1u << 23);
    *d &= ~(1u << 4 | 1u << 5 | 1u << 8 | 1u << 10 | 1u << 19);
  } else if (leaf == 0xd && subleaf == 0) {
    *a &= 0x7; /* x87, SSE, AVX: no AVX-512 state, no tiles */
  } else if (leaf == 0x1d || leaf == 0x1e || leaf == 0x24) {
    *a = *b = *c = *d = 0; /* tiles, their multiplication, AVX10 */
  }
}

static void on_trap(int number, siginfo_t *info, void *state) {
  greg_t *registers = ((ucontext_t *)state)->uc_mcontext.gregs;
  const unsigned char *after = (const unsigned char *)registers[REG_RIP];
  if (after[-1] != breakpoint_code[0] || after[0] != breakpoint_code[1]) {
    /* A breakpoint of somebody else. */
    sigaction(number, &previous, NULL);
    registers[REG_RIP] -= 1;
    return;
  }
  uint32_t leaf = (uint32_t)registers[REG_RAX], subleaf = (uint32_t)registers[REG_RCX], a, b, c, d;
  __cpuid_count(leaf, subleaf, a, b, c, d);
  hide(leaf, subleaf, &a, &b, &c, &d);
  registers[REG_RAX] = a;
  registers[REG_RBX] = b;
  registers[REG_RCX] = c;
  registers[REG_RDX] = d;
  (void)info;
}

/* Not once at the start: Node puts all signals back to their defaults when it starts. */
static void listen(void) {
  struct sigaction ours = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART}, found;
  sigaction(SIGTRAP, NULL, &found);
  if (found.sa_sigaction == on_trap) return;
  previous = found;
  sigaction(SIGTRAP, &ours, NULL);
}

static void fail(const char *path, const char *what) {
  fprintf(stderr, "avx2-only: %s: %s\n", path, what);
  _exit(127);
}

/* Where an offset of the file was mapped to; NULL when no executable segment holds it. */
static unsigned char *address_of(const struct link_map *map, uint64_t offset) {
  const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)map->l_addr;
  const ElfW(Phdr) *segment = (const ElfW(Phdr) *)(map->l_addr + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++, segment++) {
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
    if (offset < segment->p_offset || offset + 2 > segment->p_offset + segment->p_filesz) continue;
    return (unsigned char *)(map->l_addr + segment->p_vaddr + (offset - segment->p_offset));
  }
  return NULL;
}

static void replace(const struct link_map *map, uint64_t offset) {
  unsigned char *code = address_of(map, offset);
  if (code == NULL || memcmp(code, cpuid_code, 2) != 0) fail(map->l_name, "is not the file that the table was made of");
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)code & ~(page - 1);
  size_t size = ((uintptr_t)code + 2) - start;
  if (mprotect((void *)start, size, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) fail(map->l_name, "cannot be written to");
  memcpy(code, breakpoint_code, 2);
  mprotect((void *)start, size, PROT_READ | PROT_EXEC);
}

unsigned int la_version(unsigned int version) {
  (void)version;
  return LAV_CURRENT;
}

unsigned int la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie) {
  (void)space;
  (void)cookie;
  char path[4096], line[4200];
  const char *table = getenv("AVX2_ONLY_TABLE");
  if (table == NULL || map->l_name == NULL || map->l_name[0] == 0 || realpath(map->l_name, path) == NULL) return 0;
  FILE *file = fopen(table, "r");
  if (file == NULL) fail(table, "cannot be read");
  while (fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = 0;
    char *name;
    uint64_t offset = strtoull(line, &name, 16);
    if (*name != ' ' || strcmp(name + 1, path) != 0) continue;
    listen();
    replace(map, offset);
  }
  fclose(file);
  return 0;
}
