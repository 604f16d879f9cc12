import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import { rowStoreContract } from './row-store-contract.ts'

rowStoreContract('rows in memory', async () => openMemoryRowStore())
