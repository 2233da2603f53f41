# The consumer's page as a source file for the node: ${SUYUAN_PAGE_SOURCE} holds all its files.
# Where the page is left out, the caller's SUYUAN_PAGE_SOURCE stays.
option(SUYUAN_WEB "Build the consumer's page into the node; it needs Node 18 or newer, and npm" ON)

set(web_folder ${CMAKE_CURRENT_LIST_DIR})
if(NOT SUYUAN_WEB)
  return()
endif()

find_program(SUYUAN_NODE NAMES node nodejs)
find_program(SUYUAN_NPM npm)
if(NOT SUYUAN_NODE OR NOT SUYUAN_NPM)
  message(FATAL_ERROR "The consumer's page is built with Node 18 or newer and npm, and they were not found. "
                      "Install them (.ci/install does), or leave the page out: -DSUYUAN_WEB=OFF")
endif()

set(SUYUAN_PAGE_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/page/page_files.cc)
file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${web_folder}/page/* ${web_folder}/verify/*.ts)
add_custom_command(OUTPUT ${SUYUAN_PAGE_SOURCE}
  COMMAND ${CMAKE_COMMAND} -E env SUYUAN_NPM=${SUYUAN_NPM} ${SUYUAN_NODE} install.mjs
  COMMAND ${SUYUAN_NODE} page/build.mjs ${CMAKE_CURRENT_BINARY_DIR}/page
  DEPENDS ${page_sources} ${web_folder}/install.mjs ${web_folder}/package.json ${web_folder}/package-lock.json
  WORKING_DIRECTORY ${web_folder}
  COMMENT "Building the consumer's page" VERBATIM)
