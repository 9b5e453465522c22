// The list stands in the test kit, where the apps' end-to-end tests reach it too.
export * from '@postern/testing/parts'
